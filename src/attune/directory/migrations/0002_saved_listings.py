import attune.vocabulary.codes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=attune.vocabulary.codes.new_secret_code, editable=False, max_length=32, unique=True)),
                ('status', models.CharField(blank=True, choices=[('', 'Saved'), ('contacted', 'Contacted'), ('waiting', 'Waiting to hear'), ('consultation', 'First meeting planned'), ('seeing', 'Seeing them'), ('set-aside', 'Set aside')], default='', max_length=12)),
                ('note_sealed', models.BinaryField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('listing', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='directory.listing')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_listings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'listing'), name='a_listing_is_saved_once')],
            },
        ),
        # By the database: no list of what Django would delete tells how many people saved somebody.
        migrations.RunSQL(
            'ALTER TABLE directory_savedlisting ADD CONSTRAINT a_saved_listing_exists'
            ' FOREIGN KEY (listing_id) REFERENCES directory_listing (id)'
            ' ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
            'ALTER TABLE directory_savedlisting DROP CONSTRAINT a_saved_listing_exists',
        ),
    ]
