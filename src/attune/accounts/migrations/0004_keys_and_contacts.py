import attune.vocabulary.codes
from django.db import migrations, models

# Booking made the table, and keeps it by its name: only who describes it changes.
CONTACT = migrations.CreateModel(
    name='Contact',
    fields=[
        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
        ('code', models.CharField(default=attune.vocabulary.codes.new_secret_code, editable=False, max_length=32, unique=True)),
        ('email_sealed', models.BinaryField()),
        ('email_hash', models.CharField(db_index=True, max_length=64)),
        ('origin_hash', models.CharField(db_index=True, max_length=64)),
        ('nonce', models.CharField(default=attune.vocabulary.codes.new_secret_code, max_length=32)),
        ('attempts', models.PositiveSmallIntegerField(default=0)),
        ('created_at', models.DateTimeField()),
        ('expires_at', models.DateTimeField()),
        ('confirmed_at', models.DateTimeField(blank=True, null=True)),
    ],
    options={'db_table': 'booking_contact'},
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_web_sessions'),
        ('booking', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[CONTACT]),
        migrations.AddField('contact', 'used_at', models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name='SealingKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=attune.vocabulary.codes.new_secret_code, editable=False, max_length=28, unique=True)),
                ('wrapped', models.BinaryField()),
                ('master_version', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='KeyMark',
            fields=[
                ('master_version', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='ErasedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_code', models.CharField(max_length=28, unique=True)),
                ('user_code', models.CharField(max_length=16)),
                ('erased_at', models.DateTimeField()),
            ],
        ),
    ]
