"""Running planwatch: on one machine (`deploy.local`), the database's migrations, containers and monitoring."""
