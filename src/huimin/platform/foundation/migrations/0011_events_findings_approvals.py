import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models

from huimin.platform.foundation.triggers import append_only


class Migration(migrations.Migration):
    """Histories of subjects, what people found, and what takes two people."""

    dependencies = [
        ('foundation', '0010_city_without_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use_case', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('arguments', models.JSONField(default=dict)),
                ('would_change', models.JSONField()),
                ('seen_digest', models.CharField(max_length=64)),
                ('reason', models.TextField()),
                ('proposed_by', models.CharField(max_length=80)),
                ('proposed_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('approved', 'Approved'), ('sent_back', 'Sent Back'), ('outdated', 'Outdated'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('would_change', models.JSONField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('answered_by', models.CharField(max_length=80)),
                ('answered_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('approval', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='foundation.approval')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
            ],
        ),
        migrations.CreateModel(
            name='RecordedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('learned_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.CharField(max_length=80)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
                ('personal', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('undoes', models.PositiveIntegerField(null=True)),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
            ],
        ),
        migrations.CreateModel(
            name='RecordedFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('question', models.CharField(max_length=40)),
                ('answer', models.CharField(blank=True, max_length=60)),
                ('author', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=40)),
                ('reason', models.TextField()),
                ('evidence', models.JSONField(default=list)),
                ('confidence', models.PositiveSmallIntegerField(null=True)),
                ('found_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('approval', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.approval')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('supersedes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.recordedfinding')),
            ],
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['city', 'subject_kind', 'subject_id'], name='approvals_of_subject'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['city', 'proposed_at'], name='approvals_by_time'),
        ),
        migrations.AddConstraint(
            model_name='approvalanswer',
            constraint=models.UniqueConstraint(fields=('city', 'approval'), name='one_answer_for_an_approval'),
        ),
        migrations.AddConstraint(
            model_name='recordedevent',
            constraint=models.UniqueConstraint(fields=('city', 'subject_kind', 'subject_id', 'number'), name='one_event_for_a_number'),
        ),
        migrations.AddIndex(
            model_name='recordedfinding',
            index=models.Index(fields=['city', 'subject_kind', 'subject_id'], name='findings_of_subject'),
        ),
        migrations.AddConstraint(
            model_name='recordedfinding',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('city', 'subject_kind', 'subject_id', 'question'), name='one_first_finding'),
        ),
        migrations.AddConstraint(
            model_name='recordedfinding',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', False)), fields=('city', 'supersedes'), name='one_finding_after_another'),
        ),
        migrations.AddConstraint(
            model_name='recordedfinding',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__isnull', True), ('confidence__lte', 10000), _connector='OR'), name='confidence_in_basis_points'),
        ),
        append_only(
            "foundation_recordedevent",
            "foundation_approval",
            "foundation_approvalanswer",
            "foundation_recordedfinding",
        ),
    ]
