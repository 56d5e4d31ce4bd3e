// Hashes. The room `crypto` is thin over libsodium and OpenSSL: it names the few primitives that Tallylock uses, fixes
// how they are labelled, and knows nothing of sales or files. It keeps no state and draws randomness only from the
// Random that it is given. Every function may be called from any thread.
//
// Labels. Whatever is hashed, signed or derived under a label is framed so that no two (label, body) pairs share bytes:
//
//   frame(name, body) = u8(length of label) | label | body      with label = "tallylock/v1/" + name, in ASCII
//
// The body is one canonical CBOR item (core/base/Cbor.h). H("c1", t, C1, F) in the documents means the item is the
// array [t, C1, F], made by cborList; H("terms", T) means the item is the map of the struct T.
#pragma once

#include "core/base/CborFields.h"

#include <initializer_list>
#include <memory>

namespace tallylock::crypto {

/// The frame of above. `name` is at most 200 characters, which is the caller's bug otherwise.
Bytes frame(std::string_view name, ByteView cbor);

/// The canonical CBOR array of its arguments. Text goes in as std::string.
template <class... T>
Bytes cborList(const T&... items) {
    CborWriter writer;
    writer.array(sizeof...(T));
    (writeCbor(writer, items), ...);
    return writer.take();
}

/// H: BLAKE2b-256 (RFC 7693, no key) over the frame.
Hash labelledHash(std::string_view name, ByteView cbor);
/// The same over the encoding of a struct with fields().
template <HasCborFields T>
Hash labelledHash(std::string_view name, const T& value) {
    return labelledHash(name, encodeCbor(value));
}

/// BLAKE2b-256 without a label: only where a frame is not wanted, such as a check sum.
Hash blake2b256(ByteView data);
/// The same over pieces that need not lie together.
Hash blake2b256(std::initializer_list<ByteView> pieces);

/// SHA-256 (FIPS 180-4), streamed. Reusable: finish() starts anew.
class Sha256 {
public:
    Sha256();
    void update(ByteView data);
    Hash finish();

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> m_context;
};
Hash sha256(ByteView data);

} // namespace tallylock::crypto
