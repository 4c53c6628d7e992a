"""What can be done with a project, one module per verb: the command line, the server and Python all call these."""
