import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('kind', models.CharField(max_length=30)),
                ('source', models.CharField(max_length=120)),
                ('cause', models.CharField(max_length=120)),
                ('posted_at', models.DateTimeField()),
                ('sharing', models.CharField(max_length=60, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'source'], name='entries_of_source')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.journalentry')),
                ('account', models.CharField(max_length=30)),
                ('party', models.CharField(blank=True, max_length=60)),
                ('amount', huimin.platform.foundation.fields.FenField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'account', 'party'], name='postings_of_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='posting_moves_money')],
            },
        ),
    ]
