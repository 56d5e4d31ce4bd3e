// The seed of a random test: printed, and taken from TALLYLOCK_SEED if that is set.
#pragma once

#include <QTest>

#include <cstdint>

namespace tallylock::test {

inline std::uint64_t seedOr(std::uint64_t usual) {
    bool given = false;
    const std::uint64_t wanted = qEnvironmentVariable("TALLYLOCK_SEED").toULongLong(&given);
    const std::uint64_t seed = given ? wanted : usual;
    qInfo("seed %llu (TALLYLOCK_SEED takes another)", static_cast<unsigned long long>(seed));
    return seed;
}

} // namespace tallylock::test
