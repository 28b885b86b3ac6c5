"""`{{ form }}` in the house's look: summary of errors, then fields with label, hint and message."""

from typing import Any

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist

WIDGETS = DjangoTemplates()


class HaishiFormRenderer(TemplatesSetting):
    """Forms and fields come from `foundation/templates/forms/`, overridable like any template.

    A widget without a template of the house (`templates/django/forms/widgets/`) uses Django's own.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def get_template(self, template_name: str) -> Any:
        """The house's template of this name, else Django's. Raises TemplateDoesNotExist."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return WIDGETS.get_template(template_name)
