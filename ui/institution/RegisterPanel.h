// Before the profile has an account: to register an institution, or to let another's administrator add this key.
#pragma once

#include "ui/kit/View.h"

class QLineEdit;

namespace tallylock::ui {

class Banner;
class PrimaryButton;

class RegisterPanel : public QWidget {
    Q_OBJECT

public:
    RegisterPanel(Context& context, Banner* banner, QWidget* parent = nullptr);

signals:
    void registered();

private:
    void submit();

    Context& m_context;
    Banner* m_banner;
    QLineEdit* m_name;
    PrimaryButton* m_register;
};

} // namespace tallylock::ui
