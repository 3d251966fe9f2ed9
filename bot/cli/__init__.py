"""The command line. app.py has every command and its options; a command's own module is loaded when it is called."""
