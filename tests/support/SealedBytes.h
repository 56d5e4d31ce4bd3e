// A sealed file of so many bytes, which a server takes for what its root says.
#pragma once

#include "core/asset/SealedFile.h"
#include "core/base/Random.h"

#include <cstdlib>

namespace tallylock::test {

struct Sealed {
    Bytes bytes;
    Hash root;
    explicit Sealed(std::size_t size) {
        SystemRandom random;
        const Bytes plain(size, 0x41);
        asset::BytesSource source(plain);
        asset::BytesSink sink;
        const SecretBytes key = SecretBytes::copyOf(Bytes(32, 7));
        const auto portions =
            asset::sealPortions(source, sink, crypto::boxKeyOf(key), SecretBytes::copyOf(Bytes(32, 8)), random);
        if (!portions) std::abort();
        bytes = sink.take();
        root = portions->sealedRoot;
    }
};

} // namespace tallylock::test
