import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Insurer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=40)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='insurer_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='RoundingStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('month', models.DateField()),
                ('closed_at', models.DateTimeField()),
                ('closed_by', models.CharField(max_length=80)),
                ('lines', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'month'), name='one_rounding_statement')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('insurer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pool.insurer')),
                ('basis_points', models.PositiveIntegerField()),
                ('is_lead', models.BooleanField(default=False)),
                ('from_day', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'plan_year', 'insurer', 'from_day'), name='one_share_a_period'), models.CheckConstraint(condition=models.Q(('basis_points__gt', 0)), name='share_is_positive')],
            },
        ),
    ]
