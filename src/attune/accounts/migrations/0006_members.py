import attune.vocabulary.codes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# A line of the ledger is never changed, and goes only with whom it is about or when it is old:
# whoever deletes one says so first, in the same transaction.
LEDGER_ONLY_GROWS = """
    CREATE FUNCTION accounts_ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND current_setting('attune.ledger_may_shrink', true) = 'yes' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'The ledger only grows.';
    END $$;
    CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON accounts_ledgerentry
        FOR EACH ROW EXECUTE FUNCTION accounts_ledger_only_grows();
    CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON accounts_ledgerentry
        FOR EACH STATEMENT EXECUTE FUNCTION accounts_ledger_only_grows();
"""
LEDGER_MAY_CHANGE = """
    DROP TRIGGER ledger_only_grows ON accounts_ledgerentry;
    DROP TRIGGER ledger_is_not_emptied ON accounts_ledgerentry;
    DROP FUNCTION accounts_ledger_only_grows();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_sealed_addresses'),
    ]

    operations = [
        # Written before sessions were sealed: nobody could read them any more.
        migrations.RunSQL('DELETE FROM accounts_websession', migrations.RunSQL.noop),
        migrations.AddField(
            model_name='websession',
            name='code',
            field=models.CharField(default=attune.vocabulary.codes.new_code, editable=False, max_length=12, unique=True),
        ),
        migrations.AddField(
            model_name='websession',
            name='device',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='websession',
            name='seen_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='websession',
            name='signed_in_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='websession',
            name='user',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='web_sessions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='user',
            name='email_hash',
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.AlterField(
            model_name='user',
            name='email_sealed',
            field=models.BinaryField(),
        ),
        migrations.AlterField(
            model_name='user',
            name='key',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='user', to='accounts.sealingkey'),
        ),
        migrations.AlterField(
            model_name='user',
            name='name',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.CreateModel(
            name='AccountNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=attune.vocabulary.codes.new_secret_code, editable=False, max_length=28, unique=True)),
                ('kind', models.CharField(choices=[('email', 'the email address'), ('factor', 'how you sign in'), ('password', 'the password'), ('channel', 'how we may reach you'), ('sharing', 'who may see something of yours'), ('export', 'a copy of everything was asked for'), ('erasure', 'erasing the account was asked for'), ('wait', 'whether copies and erasures wait')], max_length=10)),
                ('email_sealed', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('how', models.CharField(choices=[('code', 'a code by email'), ('passkey', 'a passkey'), ('password', 'a password and a second factor'), ('invitation', 'a one-time code'), ('demonstration', 'a link of the demonstration')], max_length=13)),
                ('was_refused', models.BooleanField(default=False)),
                ('device', models.CharField(blank=True, max_length=60)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='UnfinishedWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=attune.vocabulary.codes.new_secret_code, editable=False, max_length=28, unique=True)),
                ('form_sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unfinished_work', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='UnsafeChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_hash', models.CharField(max_length=64, unique=True)),
                ('marked_at', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsafe_channels', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about_hash', models.CharField(db_index=True, max_length=64)),
                ('by_code', models.CharField(blank=True, max_length=16)),
                ('by_words', models.CharField(max_length=160)),
                ('what', models.CharField(max_length=160)),
                ('purpose', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('day', models.DateField()),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('own_hash', models.CharField(max_length=64)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ledger_entries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('by_code', '')), fields=('about_hash', 'what', 'purpose', 'day'), name='automatic_reads_are_grouped'), models.UniqueConstraint(fields=('about_hash', 'previous_hash'), name='one_chain_about_one_person')],
            },
        ),
        migrations.RunSQL(LEDGER_ONLY_GROWS, LEDGER_MAY_CHANGE),
    ]
