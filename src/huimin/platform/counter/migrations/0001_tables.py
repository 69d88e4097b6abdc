import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='CashPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=40)),
                ('order', models.CharField(max_length=40)),
                ('insured', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('till', models.CharField(max_length=20)),
                ('fen', huimin.platform.foundation.fields.FenField()),
                ('state', models.CharField(choices=[('expected', 'Expected'), ('taken', 'Taken'), ('used', 'Used'), ('let_go', 'Let Go'), ('owed', 'Owed')], default='expected', max_length=10)),
                ('requested_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'order'], name='cash_of_order'), models.Index(fields=['city', 'till', '-requested_at'], name='cash_of_till')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='one_cash_part_a_key'), models.CheckConstraint(condition=models.Q(('fen__gt', 0)), name='cash_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='CounterConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('order', models.CharField(max_length=40)),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('how', models.CharField(choices=[('paper', '纸质签名'), ('fingerprint', '按指印'), ('code', '本人手机验证码')], max_length=12)),
                ('paper', models.CharField(blank=True, max_length=60)),
                ('words_digest', models.CharField(max_length=64)),
                ('recorded_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'order'), name='one_counter_consent_an_order'), models.CheckConstraint(condition=models.Q(('how', 'code'), models.Q(('paper', ''), _negated=True), _connector='OR'), name='a_paper_has_a_number')],
            },
        ),
        migrations.CreateModel(
            name='TillClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('till', models.CharField(max_length=20)),
                ('expected_fen', huimin.platform.foundation.fields.FenField()),
                ('counted_fen', huimin.platform.foundation.fields.FenField()),
                ('note', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'till', '-id'], name='closings_of_till')],
                'constraints': [models.CheckConstraint(condition=models.Q(('counted_fen__gt', 0)), name='counted_cash_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='CashBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counter.cashpart')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('cause', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'part', 'cause'), name='cash_back_once_for_a_cause'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='cash_back_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='TillBanked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='banked', to='counter.tillclosing')),
                ('bank', models.CharField(max_length=40)),
                ('transfer', models.CharField(max_length=80)),
                ('confirmed_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'bank', 'transfer'), name='one_closing_a_bank_slip')],
            },
        ),
        migrations.CreateModel(
            name='TillWriteOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='written_off', to='counter.tillclosing')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('written_off_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='something_is_written_off')],
            },
        ),
        migrations.CreateModel(
            name='CashPaidOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('back', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paid_out', to='counter.cashback')),
                ('till', models.CharField(max_length=20)),
                ('paid_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
