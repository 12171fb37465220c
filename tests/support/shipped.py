"""Which virtual devices the shipped profiles run on, with which job, and who answers what they ask."""

from bench import SOURCE, run

# profile: (job, devices, answers in tests/sim or ""); a new profile needs a line here
SHIPPED = {
    "first-run": ("first-run-job", ["dut=sim:r60abd1-monitor", "reference=sim:reference-monitor"], ""),
    "3.2-sleep-monitor": ("sleep-monitor-job", ["dut=sim:r60abd1-monitor", "dut=sim:r60abd1-monitor?sample=2",
                                                "reference=sim:reference-monitor"], ""),
    "3.2-bed-exit-alarm": ("bed-exit-alarm-job", ["dut=sim:r60abd1-monitor?fault=bed-exits",
                                                  "mat=sim:contact-mat"], ""),
    "trend-and-warning": ("trend-and-warning-job", ["dut=sim:alarm-monitor?fault=rise-and-cross",
                                                    "reference=sim:alarm-monitor?fault=rise-and-cross"], ""),
    "3.2-nursing-bed": ("nursing-bed-job", ["bed=sim:nursing-bed"], ""),
    "3.1-gnss-locator": ("gnss-locator-job", ["dut=sim:gnss-locator", "reference=sim:gnss-reference"], ""),
    "1.1-heart-rate-band": ("heart-rate-band-job", ["dut=sim:heart-rate-band", "dut=sim:heart-rate-band?sample=2",
                                                    "reference=sim:reference-monitor"], "band"),
    "1.1-ecg-patch": ("ecg-patch-job", ["dut=sim:ecg-patch", "dut=sim:ecg-patch?sample=2",
                                        "generator=sim:ecg-generator"], "ecg_patch"),
    "3.1-emergency-pendant": ("emergency-pendant-job", ["dut=sim:emergency-pendant",
                                                        "dut=sim:emergency-pendant?sample=2",
                                                        "actuator=sim:press-actuator"], "pendant"),
    "1.2-blood-pressure-monitor": ("blood-pressure-job", ["dut=sim:blood-pressure-monitor",
                                                          "dut=sim:blood-pressure-monitor?sample=2",
                                                          "gauge=sim:reference-manometer", "observers=operator"],
                                   "blood_pressure"),
    "1.2-thermometer": ("thermometer-job", ["dut=sim:thermometer", "dut=sim:thermometer?sample=2",
                                            "bath=sim:reference-thermometer"], "thermometer"),
    "1.2-pulse-oximeter": ("pulse-oximeter-job", ["dut=sim:pulse-oximeter", "dut=sim:pulse-oximeter?sample=2",
                                                  "finger=sim:reference-oximeter"], "oximeter"),
    "1.2-body-scale": ("body-scale-job", ["dut=sim:body-scale", "dut=sim:body-scale?sample=2",
                                          "platform=sim:reference-scale", "resistor=operator"], "scale"),
    "1.2-broadcast-scale": ("broadcast-scale-job", ["dut=sim:broadcast-scale", "dut=sim:broadcast-scale?sample=2",
                                                    "platform=sim:reference-scale"], ""),
    "1.2-glucose-meter": ("glucose-meter-job", ["dut=sim:glucose-meter", "dut=sim:glucose-meter?sample=2",
                                                "analyser=operator"], "glucose"),
}


def start(name, run_dir, *more, fault="", of=1):
    """Runs a shipped profile; `fault` comes to the first `of` devices, which are sound here."""
    job, devices, answers = SHIPPED[name]
    if fault:
        broken = [device + ("&" if "?" in device else "?") + f"fault={fault}" for device in devices[:of]]
        devices = [*broken, *devices[of:]]
    if answers:
        more = ("--answers", f"{SOURCE}/tests/sim/{answers}_answers.yaml", *more)
    return run("run", name, "-j", job, *(part for device in devices for part in ("-d", device)), "-o", run_dir,
               *more)
