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
            name='HospitalAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=32)),
                ('party', models.CharField(max_length=60)),
                ('holder', models.CharField(max_length=80)),
                ('number', huimin.platform.foundation.fields.EncryptedTextField()),
                ('last_four', models.CharField(max_length=4)),
                ('bank_name', models.CharField(max_length=40)),
                ('given_by', models.CharField(max_length=80)),
                ('given_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, default='', max_length=80)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('usable_from', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'party'], name='hospital_accounts_of_party')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='hospital_account_key_in_city'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by', ''), ('usable_from__isnull', True)), models.Q(('confirmed_at__isnull', False), ('usable_from__isnull', False), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='hospital_account_confirmed_whole')],
            },
        ),
        migrations.CreateModel(
            name='PayeeAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=32)),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('number', huimin.platform.foundation.fields.EncryptedTextField()),
                ('last_four', models.CharField(max_length=4)),
                ('bank_name', models.CharField(max_length=40)),
                ('usable_from', models.DateField()),
                ('given_at', models.DateTimeField()),
                ('given_by', models.CharField(max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='payee_accounts_of_resident')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='payee_account_key_in_city')],
            },
        ),
        migrations.CreateModel(
            name='OverpaymentMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=40)),
                ('policy_number', models.CharField(max_length=24)),
                ('kind', models.CharField(choices=[('found', 'Found'), ('not_owed', 'Not Owed'), ('set_off', 'Set Off'), ('repaid', 'Repaid'), ('waived', 'Waived'), ('waiver_back', 'Waiver Back')], max_length=20)),
                ('source', models.CharField(max_length=120)),
                ('kept_of', models.CharField(blank=True, default='', max_length=120)),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('by_rule', models.BooleanField(default=False)),
                ('shares_day', models.DateField(null=True)),
                ('transaction', models.CharField(blank=True, default='', max_length=100)),
                ('happened_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy_number'], name='overpayment_moves_of_policy')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='overpayment_move_key_in_city'), models.UniqueConstraint(condition=models.Q(('transaction', ''), _negated=True), fields=('city', 'transaction', 'source'), name='a_movement_pays_a_bill_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='overpayment_move_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='ClaimPayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=40)),
                ('policy_number', models.CharField(blank=True, default='', max_length=24)),
                ('payee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.payeeaccount')),
                ('hospital', models.CharField(blank=True, default='', max_length=60)),
                ('hospital_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.hospitalaccount')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('created_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('status', models.CharField(choices=[('second_person', 'For Second Person'), ('waiting', 'Waiting'), ('asked', 'Asked'), ('paid', 'Paid'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('fault', models.CharField(blank=True, default='', max_length=40)),
                ('paid_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('hospital', ''), _negated=True), fields=['city', 'hospital'], name='claim_payouts_of_hospital'), models.Index(fields=['city', 'payee'], name='claim_payouts_of_payee'), models.Index(fields=['city', 'policy_number'], name='claim_payouts_of_policy'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['city', 'created_at'], name='claim_payouts_open')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='claim_payout_key_in_city'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='claim_payout_is_positive'), models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('hospital', ''), ('hospital_account__isnull', True), ('payee__isnull', False), models.Q(('policy_number', ''), _negated=True)), models.Q(('account__isnull', True), ('hospital_account__isnull', False), ('payee__isnull', True), ('policy_number', ''), models.Q(('hospital', ''), _negated=True)), _connector='OR'), name='claim_payout_has_one_payee')],
            },
        ),
        migrations.CreateModel(
            name='PayoutPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payouts.claimpayout')),
                ('source', models.CharField(max_length=120)),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'payout', 'source'), name='one_part_for_a_bill'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payout_part_moves_money')],
            },
        ),
    ]
