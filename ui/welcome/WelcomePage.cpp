#include "ui/welcome/WelcomePage.h"

#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace tallylock::ui {

WelcomePage::WelcomePage(const QString& heading, const QString& text, QWidget* parent)
    : QWidget(parent),
      m_body(new QVBoxLayout),
      m_banner(new Banner(this)),
      m_buttons(new QHBoxLayout) {
    setAccessibleName(heading);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kMedium);
    column->addWidget(pageHeading(heading, this));
    column->addWidget(plainText(text, Rank::Muted, this));
    column->addSpacing(space::kTiny);
    m_body->setSpacing(space::kSmall);
    column->addLayout(m_body);
    column->addWidget(m_banner);
    column->addSpacing(space::kTiny);
    column->addLayout(m_buttons);
    column->addStretch(1);
}

QPushButton* WelcomePage::addButtons(const QString& next, const QString& accessibleName) {
    auto* back = new QPushButton(themeIcon(QStringLiteral("back")), tr("&Back"), this);
    back->setAccessibleName(tr("Back"));
    back->setAutoDefault(false);
    connect(back, &QPushButton::clicked, this, &WelcomePage::backed);
    auto* forward = new PrimaryButton(next, this);
    forward->setAccessibleName(accessibleName);
    m_buttons->addWidget(back);
    m_buttons->addStretch(1);
    m_buttons->addWidget(forward);
    return forward;
}

} // namespace tallylock::ui
