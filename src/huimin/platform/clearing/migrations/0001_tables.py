import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
        ('payouts', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='HospitalStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient')),
                ('party', models.CharField(max_length=60)),
                ('month', models.DateField()),
                ('rows', models.PositiveIntegerField()),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('digest', models.CharField(max_length=64)),
                ('answer_until', models.DateField()),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'month'], name='hospital_statements_of_month')],
                'constraints': [models.UniqueConstraint(fields=('city', 'party', 'month'), name='one_hospital_statement_a_month')],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='clearing.hospitalstatement')),
                ('number', models.PositiveIntegerField()),
                ('party', models.CharField(max_length=60)),
                ('entry', models.BigIntegerField()),
                ('source', models.CharField(max_length=120)),
                ('cause', models.CharField(max_length=120)),
                ('setl_id', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('settlement', 'Settlement'), ('reversal', 'Reversal'), ('correction', 'Correction')], max_length=12)),
                ('discharged_on', models.DateField(null=True)),
                ('settled_on', models.DateField()),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('agreed', 'Agreed'), ('disputed', 'Disputed'), ('stands', 'Stands'), ('to_correct', 'To Correct')], default='open', max_length=12)),
                ('reason', models.CharField(blank=True, choices=[('other_amount', 'Other Amount'), ('not_ours', 'Not Ours'), ('not_credited', 'Not Credited'), ('reversed', 'Reversed'), ('other', 'Other')], default='', max_length=20)),
                ('note', models.TextField(blank=True, default='')),
                ('answered_by', models.CharField(blank=True, default='', max_length=80)),
                ('answered_at', models.DateTimeField(null=True)),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.claimpayout')),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'party', 'payout'], name='statement_lines_unpaid'), models.Index(fields=['city', 'statement', 'state'], name='statement_lines_by_state'), models.Index(fields=['city', 'source'], name='statement_lines_of_bill')],
                'constraints': [models.UniqueConstraint(fields=('city', 'statement', 'number'), name='one_line_of_a_number'), models.UniqueConstraint(fields=('city', 'entry'), name='one_line_for_a_decision'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='statement_line_moves_money'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('reason', ''), ('state', 'open')), models.Q(('answered_at__isnull', False), ('state', 'agreed')), models.Q(('answered_at__isnull', False), models.Q(('state__in', ['open', 'agreed']), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='statement_line_answered_whole')],
            },
        ),
    ]
