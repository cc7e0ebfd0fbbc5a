"""Ein Bericht für Word und LibreOffice (DOCX, ODT): jeder Absatz weiß, wo die Planung ihn geschrieben hat."""
