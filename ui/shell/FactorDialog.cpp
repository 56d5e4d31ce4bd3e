#include "ui/shell/FactorDialog.h"

#include "ui/kit/Ask.h"
#include "ui/kit/CodeField.h"
#include "ui/kit/View.h"
#include "ui/kit/Widgets.h"
#include "ui/shell/FactorPicture.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr int kTextWidth = 420;

FactorDialog::FactorDialog(Context& context, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_text(plainText({}, Rank::Normal, this)),
      m_picture(new FactorPicture(this)),
      m_code(new CodeField(this)),
      m_banner(new Banner(this)),
      m_enrol(new QPushButton(this)),
      m_remove(new QPushButton(tr("&Remove"), this)),
      m_confirm(new PrimaryButton(tr("&Confirm"), this)) {
    setWindowTitle(tr("Authenticator"));
    setAccessibleName(windowTitle());
    setAttribute(Qt::WA_DeleteOnClose);
    m_text->setMinimumWidth(kTextWidth);
    m_banner->setMinimumWidth(kTextWidth);
    connect(m_code, &QLineEdit::textChanged, this, &FactorDialog::refreshButtons);
    connect(m_enrol, &QPushButton::clicked, this, &FactorDialog::enrol);
    connect(m_remove, &QPushButton::clicked, this, &FactorDialog::remove);
    connect(m_confirm, &QPushButton::clicked, this, &FactorDialog::confirm);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    for (QPushButton* button : {m_enrol, m_remove, m_confirm}) {
        button->setAutoDefault(false);
        buttons->addButton(button, QDialogButtonBox::ActionRole);
    }
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setSpacing(space::kMedium);
    column->setSizeConstraint(QLayout::SetFixedSize); // as high as what it shows
    column->addWidget(m_text);
    column->addWidget(m_picture, 0, Qt::AlignHCenter);
    column->addWidget(m_code);
    column->addWidget(m_banner);
    column->addWidget(buttons);
    refreshButtons();
    load();
}

template <class F>
auto FactorDialog::answered(F onValue) {
    m_isAsking = true;
    refreshButtons();
    return askRaw(this, [this, answered = ask(this, m_banner, std::move(onValue))](auto answer) mutable {
        m_isAsking = false;
        refreshButtons();
        // The answer of before was lost, or it was done elsewhere: what is shown is not what is.
        const bool isOther = !answer && (answer.error().problem == api::Problem::FactorMissing ||
                                         answer.error().problem == api::Problem::FactorExists);
        answered(std::move(answer));
        if (isOther) load();
    });
}

void FactorDialog::reject() {
    if (!m_isShown || m_isWarned) return QDialog::reject();
    m_isWarned = true;
    m_banner->refuse(
        tr("The code of the new authenticator is missing: without it, it does not count, and the secret is "
           "not shown again. Close once more to leave it so."));
}

void FactorDialog::load() {
    m_context.session().guard().factorState(answered([this](api::FactorState state) { showState(state); }));
}

void FactorDialog::showState(api::FactorState state) {
    m_state = state;
    m_isKnown = true;
    m_isShown = false;
    m_picture->clear();
    m_text->setText(state == api::FactorState::Confirmed
                        ? tr("Your authenticator is set up. To replace or to remove it takes a code of it. If it is "
                             "lost, whoever runs the coordinator can set your codes back.")
                        : tr("No authenticator is set up for you. Once it is, the rules of the account can ask for a "
                             "code of it with payouts, approvals, new addresses and changes of the rules. Any app "
                             "for one-time codes will do."));
    refreshButtons();
}

void FactorDialog::showOffer(const api::FactorOffer& offer) {
    m_isShown = true;
    m_isWarned = false;
    m_picture->setOffer(offer);
    // A code of the present one has been taken just now, and none of the same half minute is taken after it.
    m_text->setText(m_state == api::FactorState::Confirmed
                        ? tr("Scan this with your authenticator, or type the letters into it. It is shown this once. "
                             "Then wait until its code changes, and type the new one: until then the authenticator "
                             "of before counts.")
                        : tr("Scan this with your authenticator, or type the letters into it. It is shown this once. "
                             "Then type the code that it shows: only with that it counts."));
    m_banner->clear();
    refreshButtons();
    m_code->setFocus();
}

void FactorDialog::refreshButtons() {
    const bool isConfirmed = m_isKnown && m_state == api::FactorState::Confirmed;
    const bool hasCode = m_code->hasAcceptableInput();
    m_code->setVisible(m_isShown || isConfirmed);
    m_enrol->setText(isConfirmed ? tr("Re&place…") : tr("&Set up…"));
    m_enrol->setVisible(m_isKnown && !m_isShown);
    m_enrol->setEnabled(!m_isAsking && (hasCode || !isConfirmed));
    m_remove->setVisible(isConfirmed && !m_isShown);
    m_remove->setEnabled(!m_isAsking && hasCode);
    m_confirm->setVisible(m_isShown);
    m_confirm->setEnabled(!m_isAsking && hasCode);
    m_confirm->setDefault(m_isShown);
}

void FactorDialog::enrol() {
    m_context.session().guard().enrolFactor(m_code->take(),
                                            answered([this](const api::FactorOffer& offer) { showOffer(offer); }));
}

void FactorDialog::confirm() {
    m_context.session().guard().confirmFactor(m_code->take(), answered([this] {
                                                  showState(api::FactorState::Confirmed);
                                                  m_banner->succeed(tr("Your authenticator counts from now on."));
                                              }));
}

void FactorDialog::remove() {
    m_context.session().guard().removeFactor(m_code->take(), answered([this] {
                                                 showState(api::FactorState::None);
                                                 m_banner->succeed(tr("Your authenticator is removed."));
                                             }));
}

} // namespace tallylock::ui
