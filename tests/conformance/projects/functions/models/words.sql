select {{ function('shouted') }}('mill') as word
