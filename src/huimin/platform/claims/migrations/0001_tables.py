import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('enrolment', '0001_tables'),
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='SettlementFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('policy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient')),
                ('setl_id', models.CharField(max_length=60)),
                ('psn_no', models.CharField(max_length=30)),
                ('setl_time', models.DateTimeField()),
                ('med_type', models.CharField(max_length=10)),
                ('amounts', models.JSONField()),
                ('admission', models.DateField(null=True)),
                ('discharge', models.DateField(null=True)),
                ('reverses', models.CharField(max_length=60, null=True)),
                ('care', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('body', huimin.platform.foundation.fields.EncryptedTextField()),
                ('content_digest', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('payee', models.CharField(max_length=40)),
                ('payee_kind', models.CharField(max_length=20, null=True)),
                ('decided_afterwards', models.BooleanField(default=False)),
                ('revision', models.PositiveSmallIntegerField(default=0)),
                ('withdrawn', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy'], name='settlements_of_policy'), models.Index(condition=models.Q(('reverses__isnull', False)), fields=['city', 'reverses'], name='reversals_of_bill'), models.Index(condition=models.Q(('policy__isnull', True)), fields=['city', 'received_at'], name='reversals_waiting')],
                'constraints': [models.UniqueConstraint(fields=('city', 'client', 'setl_id', 'revision'), name='one_fact_a_revision')],
            },
        ),
        migrations.CreateModel(
            name='SampleDrawn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('through', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'through'), name='drawn_through_once')],
            },
        ),
        migrations.CreateModel(
            name='SettlementTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient')),
                ('reference', models.CharField(max_length=36)),
                ('key', models.CharField(max_length=120, null=True)),
                ('setl_id', models.CharField(max_length=60)),
                ('content_digest', models.CharField(max_length=64)),
                ('policy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('member', models.CharField(max_length=64)),
                ('tried_on', models.DateField()),
                ('place', models.PositiveSmallIntegerField(null=True)),
                ('facts_through', models.BigIntegerField()),
                ('body', huimin.platform.foundation.fields.EncryptedTextField()),
                ('figures', huimin.platform.foundation.fields.EncryptedTextField()),
                ('said', huimin.platform.foundation.fields.EncryptedTextField()),
                ('computed_at', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'member'], name='trials_of_member'), models.Index(fields=['city', 'tried_on'], name='trials_of_day')],
                'constraints': [models.UniqueConstraint(fields=('city', 'client', 'reference'), name='one_trial_a_reference'), models.UniqueConstraint(fields=('city', 'client', 'key'), name='one_trial_a_key'), models.UniqueConstraint(fields=('city', 'client', 'member', 'tried_on', 'place'), name='one_trial_a_place')],
            },
        ),
        migrations.CreateModel(
            name='BenefitDecisionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('settlement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='claims.settlementfact')),
                ('cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementfact')),
                ('recalculated_by', models.CharField(db_default='', default='', max_length=80)),
                ('benefit', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('base', huimin.platform.foundation.fields.FenField()),
                ('deductible_applied', huimin.platform.foundation.fields.FenField()),
                ('excess', huimin.platform.foundation.fields.FenField()),
                ('payable', huimin.platform.foundation.fields.FenField()),
                ('change', huimin.platform.foundation.fields.FenField()),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy'], name='decisions_of_policy')],
                'constraints': [models.UniqueConstraint(fields=('city', 'settlement', 'benefit', 'version'), name='one_decision_a_version')],
            },
        ),
        migrations.CreateModel(
            name='ReviewItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient')),
                ('setl_id', models.CharField(max_length=60)),
                ('psn_no', models.CharField(max_length=30)),
                ('body', huimin.platform.foundation.fields.EncryptedTextField()),
                ('content_digest', models.CharField(max_length=64)),
                ('code', models.CharField(max_length=40)),
                ('reason', models.TextField()),
                ('values', models.JSONField(default=dict)),
                ('amount', huimin.platform.foundation.fields.FenField(default=0)),
                ('received_at', models.DateTimeField()),
                ('turn', models.CharField(default='handler', max_length=20)),
                ('due_on', models.DateField(null=True)),
                ('taken_by', models.CharField(blank=True, max_length=80)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=80)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('note', models.TextField(blank=True)),
                ('settlement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementfact')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['city', 'received_at'], name='reviews_open'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['city', 'due_on', 'received_at'], name='reviews_due')],
                'constraints': [models.UniqueConstraint(fields=('city', 'client', 'setl_id', 'content_digest'), name='one_review_a_message')],
            },
        ),
        migrations.CreateModel(
            name='SampledBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementfact')),
                ('recorded_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('right', 'Right'), ('wrong', 'Wrong')], default='', max_length=10)),
                ('note', models.TextField(blank=True, default='')),
                ('answered_by', models.CharField(blank=True, default='', max_length=80)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answer', '')), fields=['city', 'id'], name='sampled_open')],
            },
        ),
        migrations.CreateModel(
            name='TrialEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('trial', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementtrial')),
                ('how', models.CharField(choices=[('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('replaced', 'Replaced')], max_length=20)),
                ('settlement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementfact')),
                ('replaced_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementtrial')),
                ('changes', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'trial'), name='one_end_a_trial')],
            },
        ),
    ]
