{{ config(alias='rectangle') }}
width * height
