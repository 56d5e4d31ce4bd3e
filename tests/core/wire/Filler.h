// Fills any message with distinct values by walking its list of fields, so that its frozen bytes show every field.
#pragma once

#include "core/base/CborFields.h"
#include "core/engine/Large.h"
#include "core/money/Amount.h"

namespace tallylock::wire::test {

class Filler {
public:
    template <class T>
    T make() {
        T value{};
        fill(value);
        return value;
    }

private:
    std::uint64_t next() { return ++m_last; }

    template <class T>
    void fill(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            value = true;
        } else if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(1);
        } else if constexpr (std::is_integral_v<T>) {
            value = static_cast<T>(next());
        } else if constexpr (std::is_same_v<T, std::string>) {
            value = "text " + std::to_string(next());
        } else if constexpr (std::is_same_v<T, money::UnitId>) {
            value = money::kBtc;
        } else if constexpr (std::is_same_v<T, money::Amount>) {
            value = {money::Int128{1} << (next() % 100), money::kUsd};
        } else if constexpr (requires {
                                 value.reset();
                                 value.emplace();
                             }) {
            fill(value.emplace());
        } else if constexpr (requires { value.push_back({}); }) {
            fillElement(value);
        } else if constexpr (requires {
                                 value.bytes;
                                 T::kSize;
                             }) {
            value.bytes.fill(static_cast<std::uint8_t>(next()));
        } else if constexpr (requires { value.bytes.push_back({}); }) {
            fill(value.bytes);
        } else if constexpr (engine::isLarge<T>) {
            auto body = value.get();
            fill(body);
            value = T(std::move(body));
        } else if constexpr (HasCborFields<T>) {
            T::fields([&](const auto&... f) { (fill(value.*(f.member)), ...); });
        } else {
            value.value = next(); // Number
        }
    }
    template <class V>
    void fillElement(V& list) {
        list.resize(2);
        for (auto& element : list) fill(element);
    }

    std::uint64_t m_last = 0;
};

} // namespace tallylock::wire::test
