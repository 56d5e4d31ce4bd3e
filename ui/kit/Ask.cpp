#include "ui/kit/Ask.h"

#include <QCoreApplication>

namespace tallylock::ui {

api::Executor guiExecutor() {
    return [](std::function<void()> task) {
        if (QCoreApplication* app = QCoreApplication::instance())
            QMetaObject::invokeMethod(app, std::move(task), Qt::QueuedConnection);
    };
}

} // namespace tallylock::ui
