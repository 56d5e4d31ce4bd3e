// The outcome of something that other people's input can make fail.
//
// Result<T, E> holds either a value or a named reason. Our own bugs are assertions, never Results. An
// enumerator of E exists only if a caller (or the text shown to a person) distinguishes it.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

namespace tallylock {

/// Marks a value as the failure side: `return Err(CborError::Truncated);`
template <class E>
class Err {
public:
    constexpr explicit Err(E error) : m_error(std::move(error)) {}
    constexpr const E& error() const& { return m_error; }
    constexpr E&& error() && { return std::move(m_error); }

private:
    E m_error;
};

template <class T, class E>
class [[nodiscard]] Result {
public:
    using Value = T;
    using Error = E;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    template <class F>
    Result(Err<F> failure) : m_state(std::in_place_index<1>, E(std::move(failure).error())) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    const T& value() const& { return *check(std::get_if<0>(&m_state)); }
    T& value() & { return *check(std::get_if<0>(&m_state)); }
    T&& value() && { return std::move(*check(std::get_if<0>(&m_state))); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

    const E& error() const { return *check(std::get_if<1>(&m_state)); }
    T valueOr(T other) && { return ok() ? std::move(*this).value() : std::move(other); }

private:
    template <class P>
    static P check(P pointer) {
        assert(pointer && "Result: the other side was asked for");
        return pointer;
    }
    std::variant<T, E> m_state;
};

template <class E>
class [[nodiscard]] Result<void, E> {
public:
    using Value = void;
    using Error = E;

    Result() = default;
    template <class F>
    Result(Err<F> failure) : m_failed(true),
                             m_error(std::move(failure).error()) {}

    bool ok() const { return !m_failed; }
    explicit operator bool() const { return ok(); }
    const E& error() const {
        assert(m_failed);
        return m_error;
    }

private:
    bool m_failed = false;
    E m_error{};
};

} // namespace tallylock
