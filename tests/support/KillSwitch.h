// How a test runs a program that is to die at its n-th lasting call (see KillSwitch.cpp).
#pragma once

#include <QProcessEnvironment>
#include <QString>

namespace tallylock::support {

struct KillPlan {
    QString folder;                          ///< canonical; only what happens below it counts
    quint64 at = 0;                          ///< the fatal call, from 1; 0: none, only count
    QString when = QStringLiteral("before"); ///< before, after or torn
    QString countFile;                       ///< gets the number of calls if the program ends normally
};

/// The environment for QProcess. The test needs `add_dependencies(tst_x killswitch)` in its CMake file.
inline QProcessEnvironment environmentOf(const KillPlan& plan) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(TALLYLOCK_TEST_DIR "/killswitch.so"));
    environment.insert(QStringLiteral("TALLYLOCK_KILL_DIR"), plan.folder);
    environment.insert(QStringLiteral("TALLYLOCK_KILL_AT"), QString::number(plan.at));
    environment.insert(QStringLiteral("TALLYLOCK_KILL_WHEN"), plan.when);
    environment.insert(QStringLiteral("TALLYLOCK_KILL_COUNT"), plan.countFile);
    // A sanitized program insists on its runtime coming first; here it may come second.
    environment.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("verify_asan_link_order=0"));
    return environment;
}

} // namespace tallylock::support
