"""What every page is made with: templates, forms, cookies, lists in pages, downloads and error pages."""
