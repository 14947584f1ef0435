import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0001_initial'),
        ('accounts', '0005_sealed_addresses'),
    ]

    operations = [
        # The table stays: accounts describes it now.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField('appointment', 'contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='accounts.contact')),
                migrations.DeleteModel('Contact'),
            ]
        ),
        migrations.AddField('appointment', 'member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appointments', to=settings.AUTH_USER_MODEL)),
    ]
