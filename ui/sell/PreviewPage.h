// Page 2: what people see before they buy, shown exactly as it will be published; and the tracking mark.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/sell/SellPage.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QRadioButton;
class QSpinBox;

namespace tallylock::ui {

class Banner;

class PreviewPage : public SellPage {
    Q_OBJECT

public:
    PreviewPage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("Preview"); }
    void enter() override;
    QString commit() override;
    QWidget* firstField() override;

private:
    void choosePicture();
    void loadPicture(const QString& path);
    void showChosen();
    api::Preview chosen() const;
    void showMarkChoice();

    QRadioButton* m_ofFile;
    QRadioButton* m_lines;
    QRadioButton* m_own;
    QRadioButton* m_none;
    QSpinBox* m_count;
    QWidget* m_countRow;
    QWidget* m_chooseRow;
    QLineEdit* m_words;
    QCheckBox* m_mark;
    QLabel* m_markText;
    Banner* m_banner;
    PreviewPicture* m_picture;
    QString m_forPath; ///< the file that the page was set up for
    QImage m_ownPicture;
};

} // namespace tallylock::ui
