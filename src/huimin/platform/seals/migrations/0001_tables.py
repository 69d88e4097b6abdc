import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('number', models.PositiveIntegerField()),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('tables', models.JSONField()),
                ('leaves', models.BinaryField()),
                ('root', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('mac', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'number'), name='one_block_a_number')],
            },
        ),
        migrations.CreateModel(
            name='SealFrontier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=80, unique=True)),
                ('through', models.BigIntegerField(default=0)),
                ('gaps', models.JSONField(default=list)),
            ],
        ),
    ]
