"""Schreiber: je Format ein Ordner; alle lesen dasselbe Manuskript, keiner liest, was ein anderer schrieb."""
