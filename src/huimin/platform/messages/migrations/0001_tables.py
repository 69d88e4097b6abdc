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
            name='SentMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=200)),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('template', models.CharField(max_length=40)),
                ('text', huimin.platform.foundation.fields.EncryptedTextField()),
                ('received', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', '-at'], name='messages_of_resident')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='sent_once_for_a_key')],
            },
        ),
        migrations.CreateModel(
            name='MessageRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='read', to='resident_messages.sentmessage')),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
