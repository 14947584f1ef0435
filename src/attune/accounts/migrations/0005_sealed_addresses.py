import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

import attune.vocabulary.codes
# Live code, for once: a second way to seal would be worse than one that a later change of the
# first has to keep open for this migration.
from attune.accounts.sealing import email_hash, new_wrapped_key, normalised_email, seal


def seal_addresses(apps, schema_editor):
    SealingKey = apps.get_model('accounts', 'SealingKey')
    for user in apps.get_model('accounts', 'User').objects.all():
        code = attune.vocabulary.codes.new_secret_code()
        wrapped, version = new_wrapped_key(code)
        user.key = SealingKey.objects.create(
            code=code, wrapped=wrapped, master_version=version, created_at=timezone.now()
        )
        address = normalised_email(user.email)
        user.email_hash = email_hash(address)
        user.email_sealed = seal(
            address, model='accounts.User', row=user.code, field='email', key=user.key
        )
        user.save()
    # Good for a day: whoever held one asks for another.
    apps.get_model('accounts', 'Invitation').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_keys_and_contacts'),
    ]

    operations = [
        migrations.AddField('user', 'email_sealed', models.BinaryField(null=True)),
        migrations.AddField('user', 'email_hash', models.CharField(max_length=64, null=True)),
        migrations.AddField('user', 'key', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='user', to='accounts.sealingkey')),
        migrations.RunPython(seal_addresses, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint('user', 'one_user_per_email'),
        migrations.RemoveField('user', 'email'),
        migrations.RemoveField('invitation', 'email'),
        migrations.AddField('invitation', 'code', models.CharField(default=attune.vocabulary.codes.new_code, editable=False, max_length=16, unique=True)),
        migrations.AddField('invitation', 'email_sealed', models.BinaryField(default=b''), preserve_default=False),
        migrations.AddField('invitation', 'email_hash', models.CharField(db_index=True, default='', max_length=64), preserve_default=False),
    ]
