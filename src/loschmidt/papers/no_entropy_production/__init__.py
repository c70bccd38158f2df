"""Claims of Ahmadi, Salimi and Khorashad 2020 on entropy production in closed and open quantum systems."""
