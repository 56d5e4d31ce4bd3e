// A body of a variant that is large and rare: it lies elsewhere, so that what is small and frequent stays small.
#pragma once

#include "core/base/CborFields.h"

#include <memory>

namespace tallylock::engine {

/// Copied deeply; encoded as the T itself.
template <class T>
class Large {
public:
    static constexpr std::uint64_t kType = T::kType;

    Large() : m_value(std::make_unique<T>()) {}
    Large(T value) : m_value(std::make_unique<T>(std::move(value))) {}
    Large(const Large& other) : m_value(std::make_unique<T>(*other.m_value)) {}
    Large(Large&&) noexcept = default;
    Large& operator=(const Large& other) {
        if (this != &other) m_value = std::make_unique<T>(*other.m_value);
        return *this;
    }
    Large& operator=(Large&&) noexcept = default;
    ~Large() = default;

    const T& get() const { return *m_value; }

private:
    std::unique_ptr<T> m_value; // nothing only after it was moved from
};

template <class T>
inline constexpr bool isLarge = false;
template <class T>
inline constexpr bool isLarge<Large<T>> = true;

/// std::visit, with large bodies as what they are.
template <class F, class... Bodies>
decltype(auto) visitBody(F&& visit, const std::variant<Bodies...>& body) {
    return std::visit(
        [&](const auto& alternative) -> decltype(auto) {
            if constexpr (isLarge<std::decay_t<decltype(alternative)>>) {
                return visit(alternative.get());
            } else {
                return visit(alternative);
            }
        },
        body);
}

/// std::get_if, likewise.
template <class T, class... Bodies>
const T* bodyIf(const std::variant<Bodies...>& body) {
    if constexpr ((std::is_same_v<Large<T>, Bodies> || ...)) {
        const auto* large = std::get_if<Large<T>>(&body);
        return large ? &large->get() : nullptr;
    } else {
        return std::get_if<T>(&body);
    }
}

} // namespace tallylock::engine

template <class T>
struct tallylock::CborCodec<tallylock::engine::Large<T>> {
    static void write(CborWriter& w, const engine::Large<T>& v) { writeCbor(w, v.get()); }
    static engine::Large<T> read(CborReader& r) { return readCbor<T>(r); }
};
