"""`{{ form }}` in the house's look: summary of errors, then fields with label, hint and message."""

from django.forms.renderers import TemplatesSetting


class HaishiFormRenderer(TemplatesSetting):
    """Templates live in `foundation/templates/forms/` and may be overridden like any template."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
