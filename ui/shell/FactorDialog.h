// Sets up, replaces and removes the authenticator of the person who uses this profile.
#pragma once

#include "core/api/Guard.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace tallylock::ui {

class Banner;
class CodeField;
class Context;
class FactorPicture;

class FactorDialog : public QDialog {
    Q_OBJECT
public:
    FactorDialog(Context& context, QWidget* parent);

protected:
    /// Not at once while a secret is shown: without its code it does not count, and is not shown again.
    void reject() override;

private:
    void load();
    void showState(api::FactorState state);
    void showOffer(const api::FactorOffer& offer);
    void refreshButtons();
    void enrol();
    void confirm();
    void remove();
    /// Nothing else is asked until this is answered.
    template <class F>
    auto answered(F onValue);

    Context& m_context;
    api::FactorState m_state = api::FactorState::None;
    bool m_isKnown = false; ///< the state
    bool m_isShown = false; ///< a secret, whose first code is missing
    bool m_isAsking = false;
    bool m_isWarned = false; ///< of closing it now
    QLabel* m_text;
    FactorPicture* m_picture;
    CodeField* m_code;
    Banner* m_banner;
    QPushButton* m_enrol;
    QPushButton* m_remove;
    QPushButton* m_confirm;
};

} // namespace tallylock::ui
