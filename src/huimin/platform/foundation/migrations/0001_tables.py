import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import huimin.platform.foundation.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='City',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('demonstration_day', models.DateField(null=True)),
                ('hotline', models.CharField(blank=True, max_length=40)),
                ('second_person_above', huimin.platform.foundation.fields.FenField(default=5000000)),
                ('renewal_notice_days', models.PositiveSmallIntegerField(default=15)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('renewal_notice_days__gte', 5)), name='renewal_is_announced_in_time')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key_id', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('hospital', 'Hospital'), ('pharmacy', 'Pharmacy'), ('channel', 'Channel'), ('bureau', 'Bureau')], max_length=20)),
                ('code', models.CharField(max_length=40)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('secret', huimin.platform.foundation.fields.EncryptedTextField()),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='client_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('use_case', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('arguments', models.JSONField(default=dict)),
                ('would_change', models.JSONField()),
                ('seen_digest', models.CharField(max_length=64)),
                ('reason', models.TextField()),
                ('proposed_by', models.CharField(max_length=80)),
                ('proposed_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'subject_kind', 'subject_id'], name='approvals_of_subject'), models.Index(fields=['city', 'proposed_at'], name='approvals_by_time')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=80)),
                ('action', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'at'], name='audit_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('at', models.DateTimeField()),
                ('party', models.CharField(max_length=30)),
                ('operation', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=200)),
                ('outcome', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('milliseconds', models.PositiveIntegerField()),
                ('asked', huimin.platform.foundation.fields.EncryptedTextField()),
                ('answered', huimin.platform.foundation.fields.EncryptedTextField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'key'], name='exchanges_about')],
            },
        ),
        migrations.CreateModel(
            name='RecordedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('learned_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.CharField(max_length=80)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
                ('personal', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('undoes', models.PositiveIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'subject_kind', 'subject_id', 'number'), name='one_event_for_a_number')],
            },
        ),
        migrations.CreateModel(
            name='StaffMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='staff_member', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdempotentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient')),
                ('key', models.CharField(max_length=120)),
                ('request_digest', models.CharField(max_length=64)),
                ('answer', models.JSONField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'client', 'key'), name='one_answer_for_a_key')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('approval', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='foundation.approval')),
                ('answer', models.CharField(choices=[('approved', 'Approved'), ('sent_back', 'Sent Back'), ('outdated', 'Outdated'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('would_change', models.JSONField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('answered_by', models.CharField(max_length=80)),
                ('answered_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'approval'), name='one_answer_for_an_approval')],
            },
        ),
        migrations.CreateModel(
            name='RecordedFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('question', models.CharField(max_length=40)),
                ('answer', models.CharField(blank=True, max_length=60)),
                ('author', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=40)),
                ('reason', models.TextField()),
                ('evidence', models.JSONField(default=list)),
                ('confidence', models.PositiveSmallIntegerField(null=True)),
                ('supersedes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.recordedfinding')),
                ('approval', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.approval')),
                ('found_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'subject_kind', 'subject_id'], name='findings_of_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('city', 'subject_kind', 'subject_id', 'question'), name='one_first_finding'), models.UniqueConstraint(condition=models.Q(('supersedes__isnull', False)), fields=('city', 'supersedes'), name='one_finding_after_another'), models.CheckConstraint(condition=models.Q(('confidence__isnull', True), ('confidence__lte', 10000), _connector='OR'), name='confidence_in_basis_points')],
            },
        ),
        migrations.CreateModel(
            name='StaffRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='foundation.staffmember')),
                ('role', models.CharField(choices=[('handler', 'Handler'), ('approver', 'Approver'), ('insurer', 'Insurer'), ('bureau', 'Bureau'), ('administrator', 'Administrator'), ('counter', 'Counter'), ('sponsor', 'Sponsor'), ('account_agency', 'Account Agency')], max_length=20)),
                ('insurer_code', models.CharField(blank=True, max_length=40)),
                ('bound_to', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'member', 'role'), name='one_role_once'), models.CheckConstraint(condition=models.Q(('insurer_code', ''), ('role', 'insurer'), _connector='OR'), name='insurer_of_its_role_alone'), models.CheckConstraint(condition=models.Q(('bound_to', ''), ('role__in', ['account_agency', 'sponsor']), _connector='XOR'), name='bound_in_its_roles_alone')],
            },
        ),
    ]
