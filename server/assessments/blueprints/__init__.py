"""What a job needs and the exercises that show it: drafted from the advert, previewed, published as a version."""
