import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
        ('payments', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('reference', models.CharField(max_length=40)),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('plan_digest', models.CharField(max_length=64)),
                ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.payment')),
                ('status', models.CharField(choices=[('asking', 'Asking'), ('refused', 'Refused'), ('waiting', 'Waiting'), ('issued', 'Issued'), ('failed', 'Failed'), ('refund_due', 'Refund Due')], default='waiting', max_length=10)),
                ('channel', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('told_to_wait_at', models.DateTimeField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'applicant'], name='orders_of_applicant'), models.Index(condition=models.Q(('status', 'asking')), fields=['city', 'id'], name='orders_asking')],
                'constraints': [models.UniqueConstraint(fields=('city', 'reference'), name='order_reference_in_city')],
            },
        ),
        migrations.CreateModel(
            name='HealthRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('record_index', models.CharField(max_length=64)),
                ('diagnosis', huimin.platform.foundation.fields.EncryptedTextField()),
                ('group', huimin.platform.foundation.fields.EncryptedTextField()),
                ('day', models.DateField()),
                ('institution', models.CharField(max_length=60)),
                ('source', models.CharField(default='bureau', max_length=20)),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='health_records_of_person')],
                'constraints': [models.UniqueConstraint(fields=('city', 'record_index'), name='one_health_record_in_city')],
            },
        ),
        migrations.CreateModel(
            name='TermsOpened',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'plan_year'], name='terms_opened_by')],
            },
        ),
        migrations.CreateModel(
            name='BureauFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.order')),
                ('match', models.CharField(max_length=20)),
                ('insutype', models.CharField(blank=True, max_length=3)),
                ('area', models.CharField(blank=True, max_length=60)),
                ('history_asked', models.BooleanField()),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='bureau_facts_of_person')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='enrolment.order')),
                ('insured', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('relation', models.CharField(choices=[('self', 'Self'), ('spouse', 'Spouse'), ('parent', 'Parent'), ('child', 'Child')], max_length=10)),
                ('edition', models.CharField(blank=True, default='', max_length=40)),
                ('price', huimin.platform.foundation.fields.FenField()),
                ('paid_by', models.JSONField(default=dict)),
                ('other_means', huimin.platform.foundation.fields.FenField(default=0)),
                ('refund_due', models.BooleanField(default=False)),
                ('refund_reason', models.CharField(blank=True, default='', max_length=30)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'order', 'insured'), name='person_once_an_order')],
            },
        ),
        migrations.CreateModel(
            name='OtherCoverTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.order')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan', models.CharField(max_length=120)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('number', models.CharField(blank=True, max_length=24)),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', '-id'], name='other_cover_by_time')],
            },
        ),
        migrations.CreateModel(
            name='LineMeans',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='means', to='enrolment.orderline')),
                ('kind', models.CharField(max_length=10)),
                ('party', models.CharField(max_length=40)),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('reference', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('expected', 'Expected'), ('in', 'In'), ('failed', 'Failed')], default='expected', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=40)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'kind', 'reference'), name='means_reference_in_city'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='means_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('number', models.CharField(max_length=24)),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('plan_digest', models.CharField(max_length=64)),
                ('order_line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='policy', to='enrolment.orderline')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('insured', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('psn_no', models.CharField(max_length=30)),
                ('edition', models.CharField(blank=True, default='', max_length=40)),
                ('price', huimin.platform.foundation.fields.FenField()),
                ('cover_from', models.DateField()),
                ('cover_to', models.DateField()),
                ('birth_date', models.DateField()),
                ('sex', models.CharField(max_length=6)),
                ('insutype', models.CharField(max_length=3)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area')),
                ('continuous_years', models.PositiveSmallIntegerField()),
                ('claim_free_years', models.PositiveSmallIntegerField()),
                ('pre_existing', models.JSONField(default=list)),
                ('issued_at', models.DateTimeField()),
                ('ended_on', models.DateField(null=True)),
                ('given_back', huimin.platform.foundation.fields.FenField(default=0)),
                ('added', huimin.platform.foundation.fields.FenField(default=0)),
                ('endorsed', models.JSONField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'psn_no'], name='policies_of_member'), models.Index(fields=['city', 'issued_at'], name='policies_by_time')],
                'constraints': [models.UniqueConstraint(fields=('city', 'number'), name='policy_number_in_city'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('city', 'plan_year', 'insured'), name='one_policy_a_plan_year')],
            },
        ),
        migrations.CreateModel(
            name='PolicyDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.order')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('cause', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField()),
                ('taken', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy'], name='differences_of_policy')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='differences_are_positive')],
            },
        ),
    ]
