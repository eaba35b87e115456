"""Export: charts, tables, reports and runs as files for other programs; text and bytes, no page."""
