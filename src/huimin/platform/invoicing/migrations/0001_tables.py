import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceIssuer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('name', models.CharField(max_length=120)),
                ('credit_code', models.CharField(max_length=18)),
                ('tax_rate', models.PositiveIntegerField(null=True)),
                ('item', models.CharField(max_length=60)),
                ('set_by', models.CharField(max_length=80)),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'plan_year', '-id'], name='issuers_of_plan_year')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=40)),
                ('source', models.CharField(max_length=60)),
                ('turn', models.PositiveSmallIntegerField()),
                ('colour', models.CharField(choices=[('blue', 'Blue'), ('red', 'Red')], max_length=4)),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoicing.invoice')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('tax', huimin.platform.foundation.fields.FenField()),
                ('tax_rate', models.PositiveIntegerField(null=True)),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoicing.invoiceissuer')),
                ('title', huimin.platform.foundation.fields.EncryptedTextField()),
                ('remark', models.CharField(max_length=200)),
                ('payer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('behind', 'Behind'), ('waiting', 'Waiting'), ('asked', 'Asked'), ('issued', 'Issued'), ('refused', 'Refused'), ('given_up', 'Given Up')], default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent', models.PositiveSmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, default='', max_length=40)),
                ('number', models.CharField(blank=True, default='', max_length=20)),
                ('issued_on', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'payer'], name='invoices_of_payer'), models.Index(condition=models.Q(('status__in', ('issued', 'given_up')), _negated=True), fields=['city', 'asked_at'], name='invoices_open')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='invoice_key_in_city'), models.UniqueConstraint(fields=('city', 'source', 'colour', 'turn'), name='one_invoice_a_turn'), models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('city', 'number'), name='invoice_number_in_city'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='invoice_is_positive'), models.CheckConstraint(condition=models.Q(('tax__gte', 0), ('tax__lt', models.F('amount'))), name='tax_is_within_the_amount')],
            },
        ),
        migrations.CreateModel(
            name='InvoiceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('invoice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='invoicing.invoice')),
                ('digest', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'invoice'), name='one_file_an_invoice')],
            },
        ),
    ]
