// Waiting for what other threads bring about.
#pragma once

#include <QTest>

namespace tallylock::test {

/// Waits until it is so, for ten seconds at most.
template <class F>
bool eventually(F&& isSo) {
    for (int i = 0; i < 2000; ++i) {
        if (isSo()) return true;
        QTest::qSleep(5);
    }
    return false;
}

} // namespace tallylock::test
