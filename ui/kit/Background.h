// Runs a function off the GUI thread. `runInBackground(f).then(this, g)` calls g with the result on the thread of
// `this`, and never once `this` is gone.
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <type_traits>
#include <utility>

namespace tallylock::ui {

template <class Function>
auto runInBackground(Function function) -> QFuture<std::invoke_result_t<Function>> {
    using Value = std::invoke_result_t<Function>;
    auto promise = std::make_shared<QPromise<Value>>();
    QFuture<Value> future = promise->future();
    QThreadPool::globalInstance()->start([promise, function = std::move(function)]() mutable {
        promise->start();
        promise->addResult(function());
        promise->finish();
    });
    return future;
}

} // namespace tallylock::ui
