"""What every page is made with: templates, forms, cookies, protection against forged forms, pages for errors."""
