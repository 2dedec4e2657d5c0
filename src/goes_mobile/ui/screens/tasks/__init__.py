"""Wiedervorlagen: the list, and a new one."""

from goes_mobile.ui.screens.tasks.form import NewTaskForScreen, NewTaskScreen
from goes_mobile.ui.screens.tasks.listing import TasksScreen

__all__ = ["NewTaskForScreen", "NewTaskScreen", "TasksScreen"]
