#include "ui/kit/View.h"

#include <QPointer>

namespace tallylock::ui {

Context::Context(api::Node& node, std::shared_ptr<api::Session> session, QObject* parent)
    : QObject(parent),
      m_node(node),
      m_session(std::move(session)) {
    m_session->watch([guard = QPointer<Context>(this)](api::Topic topic) {
        if (guard) emit guard->changed(topic);
    });
}

View::View(Context& context, QWidget* parent) : QWidget(parent), m_context(context) {}

} // namespace tallylock::ui
