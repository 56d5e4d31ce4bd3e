// One list of fields a struct, from which it is both written and read:
//
//   struct Point {
//       std::int64_t x = 0;
//       std::optional<std::string> label;
//       static constexpr void fields(auto use) { use(field(1, &Point::x), field(2, &Point::label)); }
//   };
//   Bytes bytes = encodeCbor(point);
//   Result<Point, CborError> again = decodeCbor<Point>(bytes);
//
// A struct is a CBOR map; its keys rise and are never reused. A std::optional that is empty is left out; every other
// field is required. Supported members: integers, bool, enums (with a `kCount` enumerator as bound, or up to 255),
// std::string, Bytes, Fixed, Number, std::vector, std::optional (as a field), std::variant (an array of the
// alternative's kType and its body), and structs with fields(). Another room adds a type by specialising CborCodec.
#pragma once

#include "core/base/Cbor.h"
#include "core/base/Fixed.h"

#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tallylock {

template <class T, class M>
struct CborField {
    std::uint64_t key;
    M T::*member;
};
template <class T, class M>
constexpr CborField<T, M> field(std::uint64_t key, M T::*member) {
    return {key, member};
}

/// Bounds that hold for every message; a longer thing is not for a message but for the file store.
inline constexpr std::size_t kMaxCborText = 4096;
inline constexpr std::size_t kMaxCborBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxCborElements = std::size_t{1} << 16;

template <class T>
struct CborCodec; // write(CborWriter&, const T&) and read(CborReader&) -> T

namespace cborDetail {
struct NoUse {
    constexpr void operator()(const auto&...) const {}
};
} // namespace cborDetail

template <class T>
concept HasCborFields = requires {
    T::fields(cborDetail::NoUse{});
};

template <class T>
void writeCbor(CborWriter& writer, const T& value) {
    CborCodec<T>::write(writer, value);
}
template <class T>
T readCbor(CborReader& reader) {
    return CborCodec<T>::read(reader);
}

template <>
struct CborCodec<bool> {
    static void write(CborWriter& w, bool v) { w.boolean(v); }
    static bool read(CborReader& r) { return r.boolean(); }
};

template <class T>
requires(std::unsigned_integral<T> && !std::same_as<T, bool>) struct CborCodec<T> {
    static void write(CborWriter& w, T v) { w.unsignedInt(v); }
    static T read(CborReader& r) { return static_cast<T>(r.unsignedInt(std::numeric_limits<T>::max())); }
};

template <std::signed_integral T>
struct CborCodec<T> {
    static void write(CborWriter& w, T v) { w.signedInt(v); }
    static T read(CborReader& r) {
        const std::int64_t value = r.signedInt();
        if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
            r.fail(CborError::OutOfRange);
            return 0;
        }
        return static_cast<T>(value);
    }
};

template <class T>
requires std::is_enum_v<T>
struct CborCodec<T> {
    static void write(CborWriter& w, T v) { w.unsignedInt(static_cast<std::uint64_t>(v)); }
    static T read(CborReader& r) {
        std::uint64_t count = 256;
        if constexpr (requires { T::kCount; }) count = static_cast<std::uint64_t>(T::kCount);
        const std::uint64_t value = r.unsignedInt();
        if (value >= count) {
            r.fail(CborError::UnknownKey);
            return T{};
        }
        return static_cast<T>(value);
    }
};

template <>
struct CborCodec<std::string> {
    static void write(CborWriter& w, const std::string& v) { w.text(v); }
    static std::string read(CborReader& r) { return std::string(r.text(kMaxCborText)); }
};

template <>
struct CborCodec<Bytes> {
    static void write(CborWriter& w, const Bytes& v) { w.byteString(v); }
    static Bytes read(CborReader& r) { return bytesOf(r.byteString(kMaxCborBytes)); }
};

template <std::size_t N, class Meaning>
struct CborCodec<Fixed<N, Meaning>> {
    static void write(CborWriter& w, const Fixed<N, Meaning>& v) { w.byteString(v.bytes); }
    static Fixed<N, Meaning> read(CborReader& r) {
        const auto fixed = Fixed<N, Meaning>::from(r.byteString(N));
        if (!fixed) r.fail(CborError::OutOfRange);
        return fixed.value_or(Fixed<N, Meaning>{});
    }
};

template <class Meaning>
struct CborCodec<Number<Meaning>> {
    static void write(CborWriter& w, Number<Meaning> v) { w.unsignedInt(v.value); }
    static Number<Meaning> read(CborReader& r) { return {r.unsignedInt()}; }
};

template <class T>
requires(!std::same_as<T, std::uint8_t>) struct CborCodec<std::vector<T>> {
    static void write(CborWriter& w, const std::vector<T>& v) {
        w.array(v.size());
        for (const T& element : v) writeCbor(w, element);
    }
    static std::vector<T> read(CborReader& r) {
        std::vector<T> v;
        const std::uint64_t count = r.array(kMaxCborElements);
        for (std::uint64_t i = 0; i < count && r.ok(); ++i) v.push_back(readCbor<T>(r));
        return v;
    }
};

namespace cborDetail {
template <class Union, class... Ts>
struct UnionCodec {
    static void write(CborWriter& w, const Union& v) {
        std::visit(
            [&](const auto& body) {
                w.array(2);
                w.unsignedInt(std::decay_t<decltype(body)>::kType);
                writeCbor(w, body);
            },
            static_cast<const std::variant<Ts...>&>(v));
    }
    static Union read(CborReader& r) {
        if (r.array(2) != 2) r.fail(CborError::WrongType);
        return readBody(r, r.unsignedInt());
    }
    /// Reads the body of the alternative with this kType.
    static Union readBody(CborReader& r, std::uint64_t type) {
        Union v;
        const bool known = ((Ts::kType == type && (v.template emplace<Ts>(readCbor<Ts>(r)), true)) || ...);
        if (!known) r.fail(CborError::UnknownKey);
        return v;
    }
};
template <class Union, class... Ts>
UnionCodec<Union, Ts...> unionCodecOf(const std::variant<Ts...>&);
} // namespace cborDetail

/// A union of messages, a std::variant or what is derived from one: [kType of the alternative, body]. Every alternative
/// has `static constexpr std::uint64_t kType`.
template <class T>
concept CborUnion = requires(const T& value) {
    cborDetail::unionCodecOf<T>(value);
};

template <CborUnion T>
struct CborCodec<T> : decltype(cborDetail::unionCodecOf<T>(std::declval<const T&>())) {};

namespace cborDetail {
template <class M>
inline constexpr bool isOptional = false;
template <class M>
inline constexpr bool isOptional<std::optional<M>> = true;

template <class M>
bool isPresent(const M& member) {
    if constexpr (isOptional<M>) return member.has_value();
    return true;
}
template <class M>
void writeMember(CborWriter& w, std::uint64_t key, const M& member) {
    if (!isPresent(member)) return;
    w.unsignedInt(key);
    if constexpr (isOptional<M>) {
        writeCbor(w, *member);
    } else {
        writeCbor(w, member);
    }
}
template <class M>
void readMember(CborReader& r, M& member) {
    if constexpr (isOptional<M>) {
        member = readCbor<typename M::value_type>(r);
    } else {
        member = readCbor<M>(r);
    }
}
} // namespace cborDetail

template <HasCborFields T>
struct CborCodec<T> {
    static void write(CborWriter& w, const T& v) {
        T::fields([&](const auto&... f) {
            w.map((std::uint64_t{0} + ... + std::uint64_t{cborDetail::isPresent(v.*(f.member))}));
            (cborDetail::writeMember(w, f.key, v.*(f.member)), ...);
        });
    }
    static T read(CborReader& r) {
        T v{};
        std::uint64_t left = r.map(64);
        std::uint64_t key = 0;
        bool first = true;
        bool pending = false; // a key was read that no field has taken yet
        const auto take = [&](const auto& f) {
            if (!r.ok()) return;
            if (!pending && left > 0) {
                key = r.key(key, first);
                first = false;
                pending = true;
                --left;
            }
            if (pending && key == f.key) {
                cborDetail::readMember(r, v.*(f.member));
                pending = false;
            } else if (pending && key < f.key) {
                r.fail(CborError::UnknownKey);
            } else if (!cborDetail::isOptional<std::decay_t<decltype(v.*(f.member))>>) {
                r.fail(CborError::MissingKey);
            }
        };
        T::fields([&](const auto&... f) { (take(f), ...); });
        if (!pending && left > 0) r.key(key, first); // says NotCanonical if the keys do not even rise
        if (pending || left > 0) r.fail(CborError::UnknownKey);
        return v;
    }
};

template <class T>
Bytes encodeCbor(const T& value) {
    CborWriter writer;
    writeCbor(writer, value);
    return writer.take();
}

template <class T>
Result<T, CborError> decodeCbor(ByteView bytes) {
    CborReader reader(bytes);
    T value = readCbor<T>(reader);
    if (!reader.finish()) return Err(reader.error());
    return value;
}

} // namespace tallylock
