"""Webseiten: der Rumpf aus dem Manuskript, der Rahmen aus ``layout/seite.html``."""
