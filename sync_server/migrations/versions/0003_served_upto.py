"""Who is let out of a stream is served up to the record that says so"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recipient", sa.Column("upto", sa.BigInteger(), nullable=True))
