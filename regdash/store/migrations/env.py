"""What Alembic runs: the migrations, within the transaction and on the connection that it was handed."""

from alembic import context

from regdash.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
